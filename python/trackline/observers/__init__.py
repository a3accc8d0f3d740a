"""What is captured beside frameworks: one file a subject, each with `patch()` and `unpatch()`, listed in
`trackline._autolog.OBSERVERS`."""
