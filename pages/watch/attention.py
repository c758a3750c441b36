"""What does [CLS] read?."""

from lib.ui import choices, parts, readings

parts.open_page(3, "watch", "What does [CLS] read?", "A lead of two sentences. It comes later.")
reading = readings.yours()
layer = choices.pick("Layer", range(reading.layers + 1), key="attention_layer", default=reading.layers, form="slider")
parts.say(f"{reading.hidden_states.shape} at layer {layer}", key="x")
