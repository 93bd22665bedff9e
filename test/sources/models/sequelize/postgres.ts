// Every type that Sequelize has for PostgreSQL. CITEXT, HSTORE and GEOMETRY are left out: they come with extensions.
import type { Sequelize, DataTypes as Types } from 'sequelize';
import { defineRelations } from './shared.ts';

export default (sequelize: Sequelize, DataTypes: typeof Types): void => {
  sequelize.define('Types', {
    a01: DataTypes.STRING,
    a02: DataTypes.STRING(20),
    a03: DataTypes.STRING(255, true),
    a04: DataTypes.CHAR,
    a05: DataTypes.CHAR(7),
    a06: DataTypes.TEXT,
    a07: DataTypes.TSVECTOR,
    b01: DataTypes.BOOLEAN,
    b02: DataTypes.SMALLINT,
    b03: DataTypes.INTEGER,
    b04: DataTypes.BIGINT,
    b05: DataTypes.FLOAT,
    b06: DataTypes.REAL,
    b07: DataTypes.DOUBLE,
    b08: DataTypes.DECIMAL,
    b09: DataTypes.DECIMAL(10, 2),
    c01: DataTypes.DATE,
    c02: DataTypes.DATE(3),
    c03: DataTypes.DATEONLY,
    c04: DataTypes.TIME,
    d01: DataTypes.UUID,
    d02: { type: DataTypes.UUID, defaultValue: sequelize.literal('gen_random_uuid()') },
    d03: DataTypes.JSON,
    d04: { type: DataTypes.JSONB, defaultValue: { a: [1, "it's"] } },
    d05: DataTypes.BLOB,
    d06: DataTypes.ENUM('a', "b's"),
    e01: DataTypes.ARRAY(DataTypes.STRING(9)),
    e02: { type: DataTypes.ARRAY(DataTypes.INTEGER), defaultValue: [1, 2] },
    e03: DataTypes.ARRAY(DataTypes.ENUM('x', 'y')),
    e04: DataTypes.ARRAY(DataTypes.ARRAY(DataTypes.TEXT)),
    e05: { type: DataTypes.ARRAY(DataTypes.TEXT), defaultValue: [] },
    f01: DataTypes.RANGE(DataTypes.INTEGER),
    f02: DataTypes.RANGE(DataTypes.BIGINT),
    f03: DataTypes.RANGE(DataTypes.DATE),
    f04: DataTypes.RANGE(DataTypes.DATEONLY),
    f05: DataTypes.RANGE(DataTypes.DECIMAL),
    g01: DataTypes.CIDR,
    g02: DataTypes.INET,
    g03: DataTypes.MACADDR,
    h01: { type: 'point' },
    h02: { type: DataTypes.INTEGER, comment: "what it's for" },
    h03: { type: DataTypes.DATE, defaultValue: sequelize.fn('now') },
  });
  const elsewhere = sequelize.define(
    'Elsewhere',
    { id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true }, kind: DataTypes.ENUM('p', 'q') },
    {
      schema: 'other place',
      indexes: [
        { fields: ['kind'], where: { kind: 'p' } },
        { fields: [sequelize.fn('abs', sequelize.col('id'))], name: 'by_abs' },
        { fields: ['id'], using: 'BRIN', name: 'brin' },
      ],
    },
  );
  elsewhere.belongsTo(elsewhere, { as: 'above' });
  sequelize.define('Near', {}, { schema: 'other place' }).belongsTo(elsewhere);
  defineRelations(sequelize, DataTypes);
};
