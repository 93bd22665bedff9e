// What Sequelize has on every database: relations of all kinds, keys, indexes, defaults, names to be quoted.
import type { Sequelize, DataTypes as Types } from 'sequelize';

export function defineRelations(sequelize: Sequelize, DataTypes: typeof Types): void {
  const author = sequelize.define(
    'Author',
    {
      email: { type: DataTypes.STRING(120), allowNull: false, unique: true },
      name: { type: DataTypes.STRING, field: 'full name' },
      // Not in the database.
      shout: { type: DataTypes.VIRTUAL, get: () => 'A!' },
    },
    {
      paranoid: true,
      comment: "who's who",
      indexes: [{ fields: ['full name'], name: "the author's ünïcode" }],
    },
  );
  const post = sequelize.define(
    'Post',
    {
      id: { type: DataTypes.UUID, primaryKey: true, defaultValue: DataTypes.UUIDV4 },
      title: {
        type: DataTypes.STRING(80),
        allowNull: false,
        defaultValue: 'it\'s "new"',
        unique: 'title_per_day',
      },
      day: { type: DataTypes.DATEONLY, allowNull: false, unique: 'title_per_day' },
      views: { type: DataTypes.INTEGER, allowNull: false, defaultValue: -5 },
      rate: { type: DataTypes.DECIMAL(8, 3), defaultValue: 12.345 },
      open: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: true },
      at: { type: DataTypes.DATE, defaultValue: DataTypes.NOW },
      kind: { type: DataTypes.ENUM('a', "b's", 'c d'), allowNull: false, defaultValue: "b's" },
    },
    {
      underscored: true,
      version: true,
      indexes: [
        { fields: [{ name: 'title', order: 'DESC' }, 'day'] },
        { fields: ['views', 'open'], unique: true },
      ],
    },
  );
  const tag = sequelize.define(
    'Tag',
    { code: { type: DataTypes.STRING(9), primaryKey: true } },
    { timestamps: false, freezeTableName: true },
  );
  const pair = sequelize.define(
    'Pair',
    {
      left: { type: DataTypes.INTEGER, primaryKey: true },
      right: { type: DataTypes.INTEGER, primaryKey: true },
    },
    { timestamps: false, tableName: 'the pairs' },
  );
  author.hasMany(post, { foreignKey: { name: 'authorId', allowNull: false }, onDelete: 'CASCADE' });
  post.belongsTo(author, { foreignKey: { name: 'authorId', allowNull: false } });
  post.belongsTo(author, { as: 'editor', onDelete: 'SET NULL', onUpdate: 'NO ACTION' });
  post.belongsTo(author, { as: 'guest', constraints: false });
  author.belongsTo(author, { as: 'boss' });
  post.belongsToMany(tag, { through: 'post_tags' });
  tag.belongsToMany(post, { through: 'post_tags' });
  author.hasOne(pair, { foreignKey: 'owner' });
}
