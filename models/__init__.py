"""Data only: the shipped models. `xborder_tagger.shipped` says where they lie."""
