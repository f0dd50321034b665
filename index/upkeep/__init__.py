"""What is done with an index that is there: it is verified, compacted, exported, described, kept up to date."""
