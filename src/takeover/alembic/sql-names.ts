/** A name in SQL without its quotes; without quotes it is in lower case. */
export function unquoted(text: string): string {
  if (!/^(["`])[\s\S]*\1$/.test(text)) return text.toLowerCase();
  const quote = text.slice(0, 1);
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}
