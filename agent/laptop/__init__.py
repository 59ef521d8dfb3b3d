"""The installer's laptop: `nightporter provision`. No agent runs here, and none is needed."""
