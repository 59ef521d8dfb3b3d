"""The support bundle: one small file with all that support asks for first. Packs and reads; gathers nothing."""
