"""Audio, voice activity, recognisers, speakers, mood: ports and pure signal code."""
