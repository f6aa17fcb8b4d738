"""The routes of the API, a file a noun. Each route is an action of `api.access.roles`."""
