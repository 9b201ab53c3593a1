"""The page of an app: where its panels lie, what it asks and hears, what time does to it, what can be done on it."""
