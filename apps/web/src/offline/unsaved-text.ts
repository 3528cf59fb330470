/** Field types that hold no words. */
const wordless = new Set(['button', 'checkbox', 'color', 'file', 'hidden', 'radio', 'range', 'reset', 'submit'])

/**
 * Whether something is being written on this page. A draft counts although it is kept: nobody likes the page to change under
 * a half-written sentence.
 */
export function hasUnsavedText(root: ParentNode = document): boolean {
  const fields = root.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')
  return [...fields].some(field => !wordless.has(field.type) && field.value !== '')
}
