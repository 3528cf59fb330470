import { handle } from './handler.ts'

export const deliveryConfirm = handle('delivery.confirm', async (context, { sequence }, { accountId }) => {
  await context.log.confirmDeliveries({ accountId, sequence })
  return {}
})
