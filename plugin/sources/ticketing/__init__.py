"""What the connectors to ticket systems share: past tickets of a whole account.

A connector finds the account there (an organisation, a company: directory.py), asks for its tickets
newest first within a few pages, refuses those of another account, and turns each into a
`RawTicket` (raw.py): the system's values as they came, our words where they can be translated,
None where it says nothing. `facts` (reading.py) makes tickets, mentions and CSAT of them: typed,
mined once, automatic and merged ones left out, the newest kept, the rest marked partial; where
ratings are asked for apart from tickets, `satisfaction` (csat.py) gives the means. Its options
extend `TicketOptions`; its record takes `SUPPLIES` (and `CSAT`), `FRESH` and `SECONDS`.
"""
