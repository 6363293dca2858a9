"""The one place that wires ports to adapters."""
