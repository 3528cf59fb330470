/** Case, accents and signs of direction do not matter for finding: "joao" finds "João". */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .trim()
}
