import { revision, t } from 'surefoot';

// Production was recorded past 3e5106ee570c, and had no api_token. This revision makes sure of it, everywhere.
export default revision({
  id: 'd1f2e3c4b5a6',
  revises: 'c682ef478e45',
  message: 'ensure api_token and its unique index',
  createdAt: '2024-06-11T17:00:00Z',
  safety: true,
  upgrade(op) {
    op.addColumn('user', 'api_token', t.varchar(255));
    op.createIndex('user', ['api_token'], { name: 'ix_user_api_token', unique: true });
  },
  downgrade: 'auto',
});
