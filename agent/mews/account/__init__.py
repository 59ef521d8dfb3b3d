"""How the box stands with Mews: signed in, within the budget of calls, reached or not and why. Pure."""
