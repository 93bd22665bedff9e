import { defineSchema, table } from 'surefoot';

/** The model of the application: what its queries rely on. */
export default defineSchema({
  tables: {
    user: table(
      (t) => ({
        id: t.integer().identity().primaryKey(),
        username: t.varchar(64),
        email: t.varchar(120),
        fullname: t.varchar(100),
        password_hash: t.varchar(255),
        oauth_provider: t.varchar(50),
        oauth_id: t.varchar(255),
        api_token: t.varchar(255),
      }),
      {
        indexes: [
          { name: 'ix_user_username', columns: ['username'], unique: true },
          { name: 'ix_user_email', columns: ['email'], unique: true },
          { name: 'ix_user_oauth_id', columns: ['oauth_id'] },
          { name: 'ix_user_api_token', columns: ['api_token'], unique: true },
        ],
      },
    ),
  },
});
