"""Numbers to Plotly figures. Pure: they see values, labels, a quantity and a palette; never a reading or a widget."""
