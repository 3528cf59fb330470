import type { AccountId, ConversationId } from '@recado/protocol'
import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '../../tests/memory-storage.ts'
import { createEdits, type EditStorages } from './edits.ts'

const ana = 1 as AccountId
const bob = 2 as AccountId
const chat = 7 as ConversationId
const message = { sequence: 5, body: 'The paper is white' }

function createStorages(): EditStorages {
  return { device: createMemoryStorage(), tab: createMemoryStorage() }
}

describe('edits', () => {
  it('survive a reload of their tab, each for its account and conversation', () => {
    const storages = createStorages()
    const edits = createEdits(storages)
    edits.begin(ana, chat, message)
    edits.write(ana, chat, 'The paper is warm white')
    const reloaded = createEdits(storages)
    expect(reloaded.find(ana, chat)).toEqual({ ...message, text: 'The paper is warm white' })
    expect(reloaded.find(ana, chat)).toBe(reloaded.find(ana, chat))
    expect(reloaded.find(ana, 8 as ConversationId)).toBeNull()
    expect(reloaded.find(bob, chat)).toBeNull()
  })

  it('are open in one tab only, and found again as they were by whoever comes back', () => {
    const storages = createStorages()
    const edits = createEdits(storages)
    edits.begin(ana, chat, message)
    edits.write(ana, chat, 'The paper is')
    const other = createEdits({ ...storages, tab: createMemoryStorage() })
    expect(other.find(ana, chat)).toBeNull()
    edits.leave(ana, chat)
    expect(edits.find(ana, chat)).toBeNull()
    other.begin(ana, chat, message)
    expect(other.find(ana, chat)?.text).toBe('The paper is')
  })

  it('are merged with what the message says by now', () => {
    const edits = createEdits(createStorages())
    edits.begin(ana, chat, message)
    edits.write(ana, chat, 'The paper is white.')
    edits.leave(ana, chat)
    edits.begin(ana, chat, { ...message, body: 'Our paper is white' })
    expect(edits.find(ana, chat)).toEqual({ sequence: 5, body: 'Our paper is white', text: 'Our paper is white.' })
  })

  it('leave nothing behind once saved, left unchanged or signed out', () => {
    const storages = createStorages()
    const edits = createEdits(storages)
    const kept = () => Object.keys({ ...storages.device, ...storages.tab })
    edits.begin(ana, chat, message)
    edits.leave(ana, chat)
    expect(kept()).toEqual([])
    edits.begin(ana, chat, message)
    edits.begin(ana, chat, { sequence: 6, body: 'another' })
    expect(kept()).toEqual([`recado.edit.${ana}.${chat}.6`, `recado.editing.${ana}.${chat}`])
    edits.write(ana, chat, 'another one')
    edits.finish(ana, chat, 6)
    expect(kept()).toEqual([])
    edits.begin(ana, chat, message)
    edits.write(ana, chat, 'half')
    edits.begin(bob, chat, message)
    edits.clear(ana)
    expect(edits.find(ana, chat)).toBeNull()
    expect(kept()).toEqual([`recado.edit.${bob}.${chat}.5`, `recado.editing.${bob}.${chat}`])
  })

  it('are read anew once nobody is signed in', () => {
    const storages = createStorages()
    const edits = createEdits(storages)
    edits.begin(ana, chat, message)
    createEdits(storages).clear(ana)
    expect(edits.find(ana, chat)).not.toBeNull()
    edits.forget()
    expect(edits.find(ana, chat)).toBeNull()
  })

  it('are forgotten after a month', () => {
    const { device, tab } = createStorages()
    device?.setItem('recado.edit.1.7.5', JSON.stringify({ body: 'a', text: 'b', at: Date.now() - 32 * 86_400_000 }))
    device?.setItem('recado.edit.1.7.6', JSON.stringify({ body: 'a', text: 'b', at: Date.now() - 28 * 86_400_000 }))
    createEdits({ device, tab })
    expect(Object.keys(device ?? {})).toEqual(['recado.edit.1.7.6'])
  })

  it('last as long as the page where nothing can be stored, and read damaged entries as none', () => {
    const edits = createEdits({ device: null, tab: null })
    edits.begin(ana, chat, message)
    edits.write(ana, chat, 'The paper')
    edits.leave(ana, chat)
    edits.begin(ana, chat, message)
    expect(edits.find(ana, chat)?.text).toBe('The paper')
    const storages = createStorages()
    storages.tab?.setItem(`recado.editing.${ana}.${chat}`, '5')
    storages.device?.setItem(`recado.edit.${ana}.${chat}.5`, '{"text":')
    expect(createEdits(storages).find(ana, chat)).toBeNull()
  })
})
