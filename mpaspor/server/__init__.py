"""Answering over HTTP: waitress with deadlines, and the last words when nothing else can answer."""
