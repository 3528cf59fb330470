/** At most three emoji, and nothing else: they are shown large. */
const few = compile()

function compile(): RegExp | null {
  try {
    return /^\s*(?:\p{RGI_Emoji}\s*){1,3}$/v
  } catch {
    // Browsers that do not know sets of strings in patterns show every emoji at the size of the text.
    return null
  }
}

/** Three of the longest emoji, and spaces between them. */
const longest = 120

/** What an emoji begins with. Nearly every text ends here, without the pattern above, whose first use takes ten milliseconds. */
const beginning = /^\s*(?:[\p{Emoji_Presentation}\p{Extended_Pictographic}]|[\d#*]\uFE0F)/u

export function isFewEmoji(body: string): boolean {
  return body.length <= longest && beginning.test(body) && few?.test(body) === true
}
