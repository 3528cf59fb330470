/** Every bound that a client can run into, in one place. Sizes in bytes or code points as named, times in ms. */
export const limits = {
  /** A request frame or body; a larger one closes the socket with 1009 or answers `too-large`. */
  requestBytes: 256 * 1024,
  /** Nesting of a request's JSON; deeper is `invalid-input`. */
  requestDepth: 16,
  /** Code points of a message's body. */
  bodyLength: 20_000,
  usernameLength: 255,
  displayNameLength: 100,
  emailLength: 254,
  phoneLength: 32,
  passwordMinLength: 8,
  /** As long as a request may be: what a password is hashed to has one length. */
  passwordMaxLength: 256 * 1024,
  groupNameLength: 100,
  groupDescriptionLength: 1_000,
  /** A client's key that makes a retry harmless; a UUID fits. */
  keyLength: 64,
  emojiLength: 32,
  mentionsPerMessage: 50,
  attachmentsPerMessage: 10,
  /** UTF-8 bytes of a file's name; a longer one is cut before its ending. */
  fileNameBytes: 255,
  /** Unfinished uploads of one account. */
  uploadsPerAccount: 100,
  /** An upload that was not finished and sent within this is collected. */
  uploadMs: 24 * 60 * 60 * 1_000,
  /** Pixels of the longer side of an image's preview. */
  previewPixels: 640,
  /** Pixels of an image that is taken, and of all frames of an animated one together. */
  imagePixels: 50_000_000,
  imageFrames: 500,
  /** Different emojis that one person may leave on one message. */
  emojisPerPerson: 20,
  /** Pinned messages of one conversation: all of them fit one page. */
  pinsPerConversation: 50,
  savesPerAccount: 1_000,
  membersPerGroup: 20_000,
  /** Accounts that one `conversation.create` or `member.add` may name. */
  membersPerRequest: 500,
  conversationsPerAccount: 5_000,
  pinnedConversations: 100,
  /** Code points of a mail's subject. */
  subjectLength: 255,
  /** Code points of a mail's text: as many as a request may have bytes. */
  mailTextLength: 256 * 1024,
  /** Code points of a formatted body, as it is sent and as it is stored. */
  mailHtmlLength: 200_000,
  /** Recipients as written, in each of To, Cc and Bcc; a group counts as one. */
  recipientsPerMail: 200,
  attachmentsPerMail: 20,
  /** Recipients of each mail that a list shows. */
  recipientsInLists: 10,
  /** Seconds for which a mail can be held to be taken back. */
  undoSeconds: 60,
  draftsPerAccount: 500,
  /** Code points of a signature, as it is sent and as it is stored. */
  signatureLength: 10_000,
  labelLength: 50,
  labelsPerMail: 20,
  /** Recipients up to which each change of a status is told to the author row by row; above, by its counts. */
  statusRowsRecipients: 100,
  /** Live sessions of one account; signing in once more ends the oldest. */
  sessionsPerAccount: 200,
  /** Code points of what somebody searches for. */
  searchLength: 500,
  /** Messages and mails of a page of what was found. */
  foundPerPage: 50,
  pageSize: 100,
  eventsPageSize: 1_000,
  /** A stream further behind than this starts over from a snapshot instead of replaying. */
  replayEvents: 10_000,
  /** Up to this many members everybody online receives everybody's positions; above, only who watches. */
  positionsBroadcastMembers: 100,
  /** Conversations above that which one connection watches. */
  positionWatches: 20,
  presenceSubscriptions: 500,
  /** Requests of one socket that may be under way at once; a client that exceeds it is closed as flooding. */
  requestsInFlight: 1_024,
  /** What a connection may have unsent before the server keeps only which streams moved (L10). */
  unsentBytes: 1024 * 1024,
  /** A connection that takes nothing for so long is closed. */
  stalledMs: 30_000,
  resumeWithinMs: 10_000,
  /** A request over HTTP is answered within this, by `unavailable` if need be. Longer than a write waits for the database. */
  answerWithinMs: 15_000,
  heartbeatMs: 25_000,
  typingMs: 6_000,
} as const
