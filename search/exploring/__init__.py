"""What can be asked besides for hits: facets, timelines, similar articles, completions, news, explanations."""
