/** Case and accents do not matter for finding: "joao" finds "João". */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
}
