"""Recognisers: Whisper on CTranslate2."""
