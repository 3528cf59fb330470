import { ArrowDown, Bell } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Avatar } from '../components/avatar.tsx'
import { Button } from '../components/button.tsx'
import { ChoiceGroup } from '../components/choice-group.tsx'
import { CountBadge } from '../components/count-badge.tsx'
import { EmptyState } from '../components/empty-state.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { Notice } from '../components/notice.tsx'
import { PasswordField } from '../components/password-field.tsx'
import { Seal } from '../components/seal.tsx'
import { MessageSkeletons, RowSkeletons } from '../components/skeleton.tsx'
import { type MessageProgress, StateGlyph, useProgressWords } from '../components/state-glyph.tsx'
import { Switch } from '../components/switch.tsx'
import { TextField } from '../components/text-field.tsx'
import { people } from './fixtures.ts'
import { type SceneName, scenes } from './scenes.ts'

/** The words here are for those who build the app: they are not translated. */
export function Gallery() {
  return (
    <main className="h-full overflow-y-auto bg-desk p-3 md:p-6">
      <h1 className="mb-4 font-semibold text-display">Gallery</h1>
      <div className="grid gap-6 lg:grid-cols-2">
        <div className="min-w-0 rounded-lg bg-paper p-3 md:p-6 text-ink [color-scheme:light]">
          <Parts />
        </div>
        <div className="min-w-0 rounded-lg bg-paper p-3 md:p-6 text-ink [color-scheme:dark]">
          <Parts />
        </div>
      </div>
      <SceneLinks />
    </main>
  )
}

/** The whole app, in each of its scenes. */
function SceneLinks() {
  const looks = ['', '&theme=dark', '&language=es', '&dir=rtl', '&density=compact'] as const
  return (
    <>
      <h2 className="mt-8 mb-2 font-semibold text-title">Scenes</h2>
      <ul className="gap-8 sm:columns-2">
        {(Object.keys(scenes) as SceneName[]).map(name => (
          <li key={name} className="flex flex-wrap items-center gap-x-3">
            {looks.map(look => (
              <a
                key={look}
                className="inline-flex min-h-11 min-w-11 items-center underline"
                href={`#scene=${encodeURIComponent(name)}${look}`}
              >
                {look === '' ? name : look.slice(1).split('=')[1]}
              </a>
            ))}
          </li>
        ))}
      </ul>
    </>
  )
}

function Choices() {
  const [choice, setChoice] = useState<'a' | 'b'>('a')
  const [on, setOn] = useState<'on' | 'off'>('on')
  const choices = [
    { id: 'a', name: 'One' },
    { id: 'b', name: 'The other' },
  ] as const
  return (
    <div className="w-full">
      <ChoiceGroup label="One of a few" choices={choices} value={choice} onChange={setChoice} />
      <Switch label="Something to switch" hint="What it does." value={on} onChange={setOn} />
      <Switch label="Something that is off" value="off" onChange={() => undefined} />
    </div>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="mb-6">
      <h2 className="mb-2 text-ink-muted text-meta">{title}</h2>
      <div className="flex flex-wrap items-center gap-3">{children}</div>
    </section>
  )
}

function Parts() {
  const words = useProgressWords()
  const states = Object.keys(words) as MessageProgress[]
  return (
    <>
      <Part title="Buttons">
        <Button tone="primary">Primary</Button>
        <Button>Secondary</Button>
        <Button tone="plain">Plain</Button>
        <Button tone="danger">Danger</Button>
        <Button tone="primary" disabled>
          Disabled
        </Button>
        <IconButton icon={Bell} label="Bell" />
        <IconButton icon={ArrowDown} label="Down" disabled />
      </Part>
      <Part title="State of a message">
        {states.map(state => (
          <span key={state} className="inline-flex items-center gap-1 text-meta">
            <StateGlyph progress={state} /> {words[state]}
          </span>
        ))}
      </Part>
      <Part title="Avatars, counts, mark">
        <Seal className="size-9" />
        {people.slice(0, 8).map((person, index) => (
          <Avatar
            key={person.id}
            id={person.id}
            name={person.displayName}
            presence={index === 0 ? 'online' : index === 1 ? 'away' : null}
          />
        ))}
        <Avatar id={5} name="Group" kind="group" />
        <CountBadge count={3} label="3" />
        <CountBadge count={1200} label="1200" />
      </Part>
      <Part title="Fields">
        <TextField label="Label" hint="A hint before anything is typed." className="w-full" />
        <TextField label="Refused" defaultValue="ana" error="This username is taken." className="w-full" />
        <PasswordField label="Password" defaultValue="secret" className="w-full" />
      </Part>
      <Part title="Choices">
        <Choices />
      </Part>
      <Part title="Notices">
        <Notice tone="info">Something to know.</Notice>
        <Notice tone="failure">Something failed; nothing is lost.</Notice>
      </Part>
      <Part title="While loading, and empty">
        <div className="w-full">
          <RowSkeletons count={2} />
        </div>
        <div className="flex h-60 w-full">
          <MessageSkeletons />
        </div>
        <EmptyState action={<Button tone="primary">Write to somebody</Button>}>One sentence, one action.</EmptyState>
      </Part>
    </>
  )
}
