/** The words of a draft or a mail. */
export function wordsOf(html: string): string[] {
  return html
    .replace(/<[^>]*>/g, ' ')
    .split(/\s+/)
    .filter(word => word !== '')
}
