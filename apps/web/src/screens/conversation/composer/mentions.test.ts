import type { AccountId, Person } from '@recado/protocol'
import { describe, expect, it } from 'vitest'
import { findMentioned, findMentionQuery, matchPeople } from './mentions.ts'

function person(id: number, username: string, displayName: string): Person {
  return { id: id as AccountId, username, displayName, lastSeenAt: null }
}

const people = [person(2, 'ana', 'Ana Clara'), person(3, 'ana.b', 'Beatriz'), person(4, 'joao', 'João Ana Souza')]

describe('mentions', () => {
  it('completes the word after an @ that starts a word', () => {
    expect(findMentionQuery('hi @an', 6)).toEqual({ start: 3, text: 'an' })
    expect(findMentionQuery('hi @', 4)).toEqual({ start: 3, text: '' })
    expect(findMentionQuery('mail me@an', 10)).toBeNull()
    expect(findMentionQuery('@an later', 9)).toBeNull()
    expect(findMentionQuery(`${'word '.repeat(40)}@an`, 203)).toEqual({ start: 200, text: 'an' })
  })

  it('offers by username and by any word of the name', () => {
    expect(matchPeople(people, 'ana', 6).map(one => one.id)).toEqual([2, 3, 4])
    expect(matchPeople(people, 'sou', 6).map(one => one.id)).toEqual([4])
    expect(matchPeople(people, 'joã', 6).map(one => one.id)).toEqual([4])
    expect(matchPeople(people, 'ana', 1)).toHaveLength(1)
  })

  it('finds who is mentioned in a finished text, the longest name first', () => {
    expect(findMentioned('@ana and @ana.b, @nobody', people)).toEqual([2, 3])
    expect(findMentioned('@ana.', people)).toEqual([2])
    expect(findMentioned('x@ana @anastasia', people)).toEqual([])
  })
})
