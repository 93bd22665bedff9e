import { revision, t } from 'surefoot';

export default revision({
  id: '366e5694a9ad',
  revises: '6793349c088c',
  message: 'sign in with OAuth',
  createdAt: '2024-02-19T10:15:00Z',
  upgrade(op) {
    op.addColumn('user', 'oauth_provider', t.varchar(50));
    op.addColumn('user', 'oauth_id', t.varchar(255));
    op.createIndex('user', ['oauth_id'], { name: 'ix_user_oauth_id' });
  },
  downgrade: 'auto',
});
