"""From an annotated corpus to a model file. Needs the [train] extra; the run-time never imports it.

The walk: `corpus` reads and checks documents, `gazetteers` reads names and terms, `lexicon` makes words and terms
into tables, `features` picks the n-grams, `fit` learns weights and the decision, `compact` leaves out what no feature
needs, `recipe` ties them together.
"""
