import { revision, t } from 'surefoot';

export default revision({
  id: '6793349c088c',
  revises: null,
  message: 'users',
  createdAt: '2024-01-05T09:00:00Z',
  upgrade(op) {
    op.createTable('user', (t) => ({
      id: t.integer().identity().primaryKey(),
      username: t.varchar(64),
      email: t.varchar(120),
      fullname: t.varchar(100),
      password_hash: t.varchar(128),
    }));
    op.createIndex('user', ['username'], { name: 'ix_user_username', unique: true });
    op.createIndex('user', ['email'], { name: 'ix_user_email', unique: true });
    // Today's hashes are longer than the first ones.
    op.alterColumn('user', 'password_hash', { type: t.varchar(255) });
  },
  downgrade: 'auto',
});
