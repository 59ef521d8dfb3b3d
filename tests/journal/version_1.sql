-- A journal of version 1 as 0.1.0 wrote it (one row for each state on disk), for tests/journal/test_versions.py. Never change it.
PRAGMA page_size = 1024;
PRAGMA journal_mode = wal;
BEGIN TRANSACTION;
CREATE TABLE command (rowid INTEGER PRIMARY KEY, id TEXT NOT NULL, device TEXT NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, room TEXT NOT NULL, copies INTEGER NOT NULL, state TEXT NOT NULL, copy INTEGER NOT NULL, cut INTEGER NOT NULL, verdict TEXT NOT NULL, code TEXT NOT NULL, note TEXT NOT NULL, created INTEGER NOT NULL, claimed INTEGER NOT NULL, ended INTEGER NOT NULL, reported INTEGER NOT NULL);
INSERT INTO "command" VALUES(1,'0d6f2f0a-0000-4000-8000-000000000001','Front desk left','key','encoder:1','101',1,'reported',1,1,'done','','',1795000001,1795000011,1795000013,1795000014);
INSERT INTO "command" VALUES(2,'0d6f2f0a-0000-4000-8000-000000000002','Front desk left','key','encoder:1','102',3,'dispatched',2,1,'','','',1795000002,1795000012,0,0);
INSERT INTO "command" VALUES(3,'0d6f2f0a-0000-4000-8000-000000000003','Front desk left','key','encoder:2','103',1,'claimed',0,0,'','','',1795000003,1795000013,0,0);
INSERT INTO "command" VALUES(4,'0d6f2f0a-0000-4000-8000-000000000004','Front desk left','key','encoder:1','104',1,'withdrawn',0,0,'','','',1795000004,1795000014,1795000015,0);
INSERT INTO "command" VALUES(5,'0d6f2f0a-0000-4000-8000-000000000005','Front desk left','key','encoder:1','105, Süd',1,'failed',0,0,'failed','E-KEY-STALE','Key not cut: the order had waited longer than 180 seconds. Please order the key again.',1795000005,1795000015,1795000200,0);
INSERT INTO "command" VALUES(6,'0d6f2f0a-0000-4000-8000-000000000006','Front desk left','key','encoder:1','106',1,'unknown',1,0,'unknown','E-BOX-RESTART-CUTTING','The key may have been cut: the box restarted while the encoder was at work. Look at the encoder and test the card at the door; if there is none, order the key again.',1795000006,1795000016,1795000020,0);
INSERT INTO "command" VALUES(7,'0d6f2f0a-0000-4000-8000-000000000007','Front desk left','key','encoder:1','107',1,'done',1,1,'done','','',1795000007,1795000017,1795000019,0);
COMMIT;
PRAGMA user_version = 1;
