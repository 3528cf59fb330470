import { Trans, useLingui } from '@lingui/react/macro'
import type { Conversation, MailFrom } from '@recado/protocol'
import { ChoiceGroup } from '../../components/choice-group.tsx'
import { useClient } from '../../state/app-context.ts'
import { useAttempt } from '../../state/use-attempt.ts'

/** Who may send mail to a group: its owner chooses, everybody else in it reads what was chosen. */
export function GroupMail({ conversation }: { readonly conversation: Conversation }) {
  const { t } = useLingui()
  const client = useClient()
  const attempt = useAttempt()
  const names: Record<MailFrom, string> = {
    admins: t`Owners and admins`,
    members: t`Members`,
    everyone: t`Everyone`,
  }
  const { mailFrom } = conversation
  const label = t`Who may mail the group`
  return (
    <section className="mt-4 border-line border-t pt-3">
      <h3 className="pb-2 font-semibold">{label}</h3>
      {conversation.me.role === 'owner' ? (
        <ChoiceGroup
          label={label}
          choices={(['admins', 'members', 'everyone'] as const).map(id => ({ id, name: names[id] }))}
          value={mailFrom}
          onChange={chosen => void attempt(() => client.updateGroup(conversation.id, { mailFrom: chosen }))}
        />
      ) : (
        <p className="text-ink-muted">{names[mailFrom]}</p>
      )}
      <p className="pt-2 text-meta text-ink-muted">
        <Trans>A mail to the group reaches whoever is in it when the mail is sent.</Trans>
      </p>
    </section>
  )
}
