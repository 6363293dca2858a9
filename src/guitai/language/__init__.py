"""Chinese as a written system: numerals, pinyin, script; pure functions over text."""
