"""The centre of the model: interaction, utterance, mark."""
