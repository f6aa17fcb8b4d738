"""Time off the queue in a finished rota: what is owed (`demand`), where it costs least (`candidates`), the sessions (`placing`)."""
