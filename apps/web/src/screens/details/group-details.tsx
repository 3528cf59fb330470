import { Trans, useLingui } from '@lingui/react/macro'
import type { Conversation, Member } from '@recado/protocol'
import { useNavigate } from '@tanstack/react-router'
import { LogOut, UserPlus } from 'lucide-react'
import { useState } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { Button } from '../../components/button.tsx'
import { useClient } from '../../state/app-context.ts'
import { conversationKey } from '../../state/deferrals.ts'
import { isolate } from '../../state/isolate.ts'
import { useUndoable } from '../../state/use-attempt.ts'
import { AddMembers } from './add-members.tsx'
import { GroupDescription } from './group-description.tsx'
import { GroupMail } from './group-mail.tsx'
import { GroupName } from './group-name.tsx'
import { MemberList } from './member-list.tsx'

interface GroupDetailsProps {
  readonly conversation: Conversation
  readonly members: readonly Member[] | null
}

export function GroupDetails({ conversation, members }: GroupDetailsProps) {
  const [adding, setAdding] = useState(false)
  const runs = conversation.me.role !== 'member'
  return (
    <>
      <div className="flex flex-col items-center gap-1 pt-4 pb-5 text-center">
        <Avatar id={conversation.id} name={conversation.name ?? ''} size="lg" kind="group" />
        <GroupName conversation={conversation} />
        <GroupDescription conversation={conversation} />
      </div>
      <div className="flex items-center justify-between border-line border-t pt-3 pb-1">
        <h3 className="font-semibold">
          <Trans>Members</Trans> <span className="tabular font-normal text-ink-muted">{conversation.memberCount}</span>
        </h3>
        {runs ? (
          <Button tone="plain" onClick={() => setAdding(true)} className="-me-2 px-2 text-wax-ink">
            <UserPlus size={18} strokeWidth={1.75} aria-hidden="true" />
            <Trans>Add</Trans>
          </Button>
        ) : null}
      </div>
      <MemberList conversation={conversation} />
      <GroupMail conversation={conversation} />
      <div className="mt-4 border-line border-t pt-3">
        <LeaveButton conversation={conversation} />
      </div>
      <AddMembers open={adding} onClose={() => setAdding(false)} conversation={conversation} members={members ?? []} />
    </>
  )
}

function LeaveButton({ conversation }: { readonly conversation: Conversation }) {
  const { t } = useLingui()
  const client = useClient()
  const navigate = useNavigate()
  const undoable = useUndoable()
  const name = isolate(conversation.name ?? '')
  const leave = () => {
    undoable({
      key: conversationKey(conversation.id),
      done: t`You left ${name}.`,
      run: () => client.leave(conversation.id),
    })
    void navigate({ to: '/app/chats' })
  }
  return (
    <Button tone="danger" onClick={leave} className="-ms-4 justify-start">
      <LogOut size={18} strokeWidth={1.75} aria-hidden="true" />
      <Trans>Leave the group</Trans>
    </Button>
  )
}
