declare module 'virtual:emoji/rows' {
  const rows: readonly import('./emoji-sheet.ts').EmojiRow[]
  export default rows
}
declare module 'virtual:emoji/en' {
  const words: readonly import('./emoji-sheet.ts').EmojiWords[]
  export default words
}
declare module 'virtual:emoji/pt-BR' {
  const words: readonly import('./emoji-sheet.ts').EmojiWords[]
  export default words
}
declare module 'virtual:emoji/es' {
  const words: readonly import('./emoji-sheet.ts').EmojiWords[]
  export default words
}
