import { revision } from 'surefoot';

export default revision({
  id: 'c682ef478e45',
  revises: '3e5106ee570c',
  message: 'drop token_created_at: nobody reads it',
  createdAt: '2024-05-20T08:20:00Z',
  upgrade(op) {
    op.dropColumn('user', 'token_created_at');
  },
  downgrade: 'auto',
});
