"""Who may do what: roles, scopes, API keys, bearer tokens of an OIDC provider, sessions of the page."""
