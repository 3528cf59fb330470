/** Every operation by its name on the wire. */
import type { OperationName } from '@recado/protocol'
import { accountCreate } from './account.create.ts'
import { accountGet } from './account.get.ts'
import { accountSetPrivacy } from './account.setPrivacy.ts'
import { accountSetSignature } from './account.setSignature.ts'
import { bellClear } from './bell.clear.ts'
import { bellList } from './bell.list.ts'
import { conversationCreate } from './conversation.create.ts'
import { conversationGet } from './conversation.get.ts'
import { conversationLeave } from './conversation.leave.ts'
import { conversationList } from './conversation.list.ts'
import { conversationOpen } from './conversation.open.ts'
import { conversationUpdate } from './conversation.update.ts'
import { deliveryConfirm } from './delivery.confirm.ts'
import { deliveryList } from './delivery.list.ts'
import { draftDelete } from './draft.delete.ts'
import { draftGet } from './draft.get.ts'
import { draftList } from './draft.list.ts'
import { draftSave } from './draft.save.ts'
import type { OperationHandler } from './handler.ts'
import { mailCancel } from './mail.cancel.ts'
import { mailGet } from './mail.get.ts'
import { mailGetBodyToken } from './mail.getBodyToken.ts'
import { mailSend } from './mail.send.ts'
import { mailboxList } from './mailbox.list.ts'
import { mailboxUnread } from './mailbox.unread.ts'
import { mailboxUpdate } from './mailbox.update.ts'
import { mediaGet } from './media.get.ts'
import { mediaGetToken } from './media.getToken.ts'
import { memberAdd } from './member.add.ts'
import { memberList } from './member.list.ts'
import { memberRemove } from './member.remove.ts'
import { memberSetRole } from './member.setRole.ts'
import { membershipUpdate } from './membership.update.ts'
import { messageDelete } from './message.delete.ts'
import { messageEdit } from './message.edit.ts'
import { messageForward } from './message.forward.ts'
import { messageList } from './message.list.ts'
import { messagePin } from './message.pin.ts'
import { messageReact } from './message.react.ts'
import { messageSave } from './message.save.ts'
import { messageSend } from './message.send.ts'
import { messageUnpin } from './message.unpin.ts'
import { messageUnreact } from './message.unreact.ts'
import { messageUnsave } from './message.unsave.ts'
import { messageVersions } from './message.versions.ts'
import { peopleGet } from './people.get.ts'
import { peopleSearch } from './people.search.ts'
import { pinList } from './pin.list.ts'
import { positionList } from './position.list.ts'
import { positionMove } from './position.move.ts'
import { positionWatch } from './position.watch.ts'
import { presenceGet } from './presence.get.ts'
import { presenceSet } from './presence.set.ts'
import { presenceSubscribe } from './presence.subscribe.ts'
import { saveList } from './save.list.ts'
import { searchFind } from './search.find.ts'
import { sessionCreate } from './session.create.ts'
import { sessionEnd } from './session.end.ts'
import { sessionEndOthers } from './session.endOthers.ts'
import { sessionList } from './session.list.ts'
import { sessionRefresh } from './session.refresh.ts'
import { sessionResume } from './session.resume.ts'
import { streamRead } from './stream.read.ts'
import { threadGet } from './thread.get.ts'
import { typingSet } from './typing.set.ts'

export type Handlers = { readonly [Name in OperationName]: OperationHandler<Name> }

export const handlers: Handlers = {
  'delivery.confirm': deliveryConfirm,
  'delivery.list': deliveryList,
  'draft.delete': draftDelete,
  'draft.get': draftGet,
  'draft.list': draftList,
  'draft.save': draftSave,
  'mail.cancel': mailCancel,
  'mail.get': mailGet,
  'mail.getBodyToken': mailGetBodyToken,
  'mail.send': mailSend,
  'mailbox.list': mailboxList,
  'mailbox.unread': mailboxUnread,
  'mailbox.update': mailboxUpdate,
  'thread.get': threadGet,
  'account.create': accountCreate,
  'account.get': accountGet,
  'account.setPrivacy': accountSetPrivacy,
  'account.setSignature': accountSetSignature,
  'bell.clear': bellClear,
  'bell.list': bellList,
  'conversation.create': conversationCreate,
  'conversation.get': conversationGet,
  'conversation.leave': conversationLeave,
  'conversation.list': conversationList,
  'conversation.open': conversationOpen,
  'conversation.update': conversationUpdate,
  'member.add': memberAdd,
  'member.list': memberList,
  'member.remove': memberRemove,
  'member.setRole': memberSetRole,
  'media.get': mediaGet,
  'media.getToken': mediaGetToken,
  'membership.update': membershipUpdate,
  'message.delete': messageDelete,
  'message.edit': messageEdit,
  'message.forward': messageForward,
  'message.list': messageList,
  'message.pin': messagePin,
  'message.react': messageReact,
  'message.save': messageSave,
  'message.send': messageSend,
  'message.unpin': messageUnpin,
  'message.unreact': messageUnreact,
  'message.unsave': messageUnsave,
  'message.versions': messageVersions,
  'people.get': peopleGet,
  'people.search': peopleSearch,
  'pin.list': pinList,
  'position.list': positionList,
  'position.move': positionMove,
  'position.watch': positionWatch,
  'presence.get': presenceGet,
  'presence.set': presenceSet,
  'presence.subscribe': presenceSubscribe,
  'save.list': saveList,
  'search.find': searchFind,
  'session.create': sessionCreate,
  'session.end': sessionEnd,
  'session.endOthers': sessionEndOthers,
  'session.list': sessionList,
  'session.refresh': sessionRefresh,
  'session.resume': sessionResume,
  'stream.read': streamRead,
  'typing.set': typingSet,
}
