"""How billing systems are asked and what their answers say, below the connectors."""
