/** Messages with files: pictures before they are loaded, rows of every kind, long names, with text and without. */
import type { Attachment, MediaId } from '@recado/protocol'
import type { Line } from './fixtures.ts'

function file(name: string, type: string, bytes: number): Attachment {
  return { id: name as MediaId, name, type, bytes, width: null, height: null, placeholder: null }
}

export const pictures: readonly Attachment[] = [
  {
    ...file('harbour at dusk.jpg', 'image/jpeg', 418_211),
    width: 1600,
    height: 1000,
    placeholder: '2SgKJISLmHiPd3d2h4iOj+j4iA==',
  },
  {
    ...file('portrait.jpg', 'image/jpeg', 208_400),
    width: 600,
    height: 1100,
    placeholder: 'GfgJFAKL+Hhnd4iIiHd/jggYdw==',
  },
]

export const fileLines: readonly Line[] = [
  { by: 0, text: 'Two from the harbour, just before the rain', ago: 60, files: pictures },
  {
    by: 1,
    text: '',
    ago: 40,
    files: [
      file(
        'Quay 4 – contract, second draft with all of the annexes and the plan of the roof.pdf',
        'application/pdf',
        2_402_118,
      ),
      file('صور الميناء.zip', 'application/zip', 18_002_118),
      file('notes.txt', 'text/plain', 812),
      file('interview.mp3', 'audio/mpeg', 4_100_000),
      file('budget.xlsx', 'application/octet-stream', 90_400),
    ],
  },
  { by: null, text: '', ago: 20, files: pictures.slice(1) },
  { by: null, text: 'And the old one, for comparison.', ago: 19, files: [file('plan.heic', 'image/heic', 1_100_000)] },
]

/** Eight by eight pixels of sealing wax. */
const seal =
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAMAAADz0U65AAAAA1BMVEW1SC6AmcnjAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAADElEQVQImWNgoA4AAABIAAF7pRHIAAAAAElFTkSuQmCC'

/** On this device still: a picture and something else. */
export function chosenFiles(): readonly File[] {
  const pixels = Uint8Array.from(atob(seal), char => char.charCodeAt(0))
  return [
    new File([pixels], 'the seal that goes on every one of the envelopes.png', { type: 'image/png' }),
    new File(['a,b'.repeat(100_000)], 'addresses.csv', { type: 'text/csv' }),
  ]
}
