/**
 * A formatted body in a frame of its own. The frame may run nothing (no `allow-scripts`, here and in the document's own policy),
 * which is why it may keep its origin: so that the app outside can measure it, say where its links lead, and hear its keys.
 * Never both: with scripts and the origin a letter could take the sandbox off.
 */
import { Trans, useLingui } from '@lingui/react/macro'
import { useRef, useState } from 'react'
import { Modal } from '../../../components/modal.tsx'
import { type Address, isSameAddress, readAddress, showTurns } from '../../conversation/body/address.ts'

interface MailFrameProps {
  readonly address: string
  readonly title: string
}

export function MailFrame({ address, title }: MailFrameProps) {
  const [height, setHeight] = useState(96)
  const [pointed, setPointed] = useState<Address | null>(null)
  const [asked, setAsked] = useState<Address | null>(null)
  const leave = useRef<(() => void) | null>(null)
  const onLoad = (frame: HTMLIFrameElement) => {
    leave.current?.()
    const { contentDocument } = frame
    leave.current =
      contentDocument && listen(contentDocument, { measured: setHeight, pointed: setPointed, asked: setAsked })
  }
  return (
    <div className="relative">
      <iframe
        key={address}
        src={address}
        title={title}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        onLoad={event => onLoad(event.currentTarget)}
        style={{ height }}
        className="block w-full border-0"
      />
      {pointed ? <PointedLink address={pointed} /> : null}
      <LinkDialog address={asked} onClose={() => setAsked(null)} />
    </div>
  )
}

/** Where a link leads that the pointer or the focus is on. */
function PointedLink({ address }: { readonly address: Address }) {
  return (
    <p
      dir="ltr"
      role="status"
      className="fixed end-4 bottom-3 z-30 max-w-[min(60ch,80vw)] truncate rounded-sm bg-ink px-2 py-1 text-fine text-paper"
    >
      {showTurns(address.href)}
    </p>
  )
}

function LinkDialog({ address, onClose }: { readonly address: Address | null; readonly onClose: () => void }) {
  const { t } = useLingui()
  return (
    <Modal open={address !== null} onClose={onClose} title={t`Where this link leads`}>
      {address ? (
        <div className="flex flex-col gap-4 p-4">
          <p dir="ltr" className="font-semibold text-lead">
            <bdi className="spoken">{address.host}</bdi>
          </p>
          <p dir="ltr" className="spoken max-h-40 overflow-y-auto text-ink-muted text-meta">
            {showTurns(address.href)}
          </p>
          <a
            href={address.href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            onClick={onClose}
            className="inline-flex min-h-11 items-center justify-center rounded bg-wax px-4 font-semibold text-on-wax hover:bg-wax-deep"
          >
            <Trans>Open it</Trans>
          </a>
        </div>
      ) : null}
    </Modal>
  )
}

interface FrameListeners {
  readonly measured: (height: number) => void
  readonly pointed: (address: Address | null) => void
  readonly asked: (address: Address) => void
}

/** Words that look like an address, and could name another than the link has. */
const likeAddress = /^\s*(?:https?:\/\/|mailto:|www\.)|^[^\s]+\.[\p{L}]{2,}(?:\/[^\s]*)?\s*$/iu
/** Room for a bar to scroll what is wider than the frame. */
const barPx = 16

/** Hears what happens in the frame's document, from outside: nothing in it runs. Returns what stops it. */
function listen(body: Document, { measured, pointed, asked }: FrameListeners): () => void {
  const page = body.documentElement
  const measure = () => {
    const bar = page.scrollWidth > page.clientWidth ? barPx : 0
    measured(Math.ceil(page.getBoundingClientRect().height) + bar)
  }
  const sizes = new ResizeObserver(measure)
  sizes.observe(page)
  measure()
  const point = (event: Event) => pointed(addressUnder(event))
  const lose = () => pointed(null)
  body.addEventListener('mouseover', point)
  body.addEventListener('focusin', point)
  body.addEventListener('focusout', lose)
  page.addEventListener('mouseleave', lose)
  body.addEventListener('click', event => {
    const link = linkUnder(event)
    const address = addressUnder(event)
    if (!link || !address) return
    const words = link.textContent ?? ''
    const lies = likeAddress.test(words) && !isSameAddress(words, address)
    // A finger sees nothing before it presses.
    const unseen = window.matchMedia('(hover: none)').matches
    if (!lies && !unseen) return
    event.preventDefault()
    asked(address)
  })
  body.addEventListener('keydown', event => window.dispatchEvent(new KeyboardEvent('keydown', event)))
  return () => sizes.disconnect()
}

function linkUnder({ target }: Event): Element | null {
  // Elements of another document are of its own classes.
  return (target as Element | null)?.closest?.('a[href]') ?? null
}

function addressUnder(event: Event): Address | null {
  return readAddress(linkUnder(event)?.getAttribute('href') ?? '')
}
