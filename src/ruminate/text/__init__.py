"""Reading: folding, tokens, sentences, word lists, scope. Offsets are always into the caller's own string."""
