"""The history over HTTP: a face that asks the library and shows what it says, as JSON and bytes."""
