/**
 * Branded ids. On the wire every id is a JSON integer below 2^53; accounts and conversations draw from one sequence, so
 * the id of either is also the id of its stream and no two streams share a number.
 */
declare const brand: unique symbol
type Branded<Name extends string> = number & { readonly [brand]: Name }

export type AccountId = Branded<'account'> & StreamId
export type ConversationId = Branded<'conversation'> & StreamId
export type MessageId = Branded<'message'>
/** Drawn like accounts and conversations: it also names the mail's register group. */
export type MailId = Branded<'mail'> & StreamId
export type SessionId = Branded<'session'>
/** 128 random bits, so that nobody finds a file by guessing. */
export type MediaId = string & { readonly [brand]: 'media' }
/** The id of an account's or a conversation's stream: the id of its owner. */
export type StreamId = number & { readonly stream?: true }
