const isolated = /\u2068([^\u2069]*)\u2069/u

/** A sentence of ours with words of others in it, as `isolate()` marked them: each holds its direction to itself. */
export function Isolated({ text }: { readonly text: string }) {
  return text.split(isolated).map((part, index) => {
    const key = `${index} ${part}`
    return index % 2 === 0 ? <span key={key}>{part}</span> : <bdi key={key}>{part}</bdi>
  })
}
