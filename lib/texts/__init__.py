"""Texts and facts that pages lean on: examples, labelled sentences, the papers. Data, no code."""
