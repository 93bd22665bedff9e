import { revision, t } from 'surefoot';

export default revision({
  id: '3e5106ee570c',
  revises: '366e5694a9ad',
  message: 'API tokens',
  createdAt: '2024-04-02T14:30:00Z',
  upgrade(op) {
    op.addColumn('user', 'api_token', t.varchar(255));
    op.addColumn('user', 'token_created_at', t.timestamp());
  },
  downgrade: 'auto',
});
