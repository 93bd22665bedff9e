// Every type that Sequelize has for SQLite.
import type { Sequelize, DataTypes as Types } from 'sequelize';
import { defineRelations } from './shared.ts';

export default (sequelize: Sequelize, DataTypes: typeof Types): void => {
  sequelize.define('Types', {
    a01: DataTypes.STRING,
    a02: DataTypes.STRING(20),
    a03: DataTypes.STRING(255, true),
    a04: DataTypes.CHAR(7),
    a05: DataTypes.TEXT,
    a06: DataTypes.CITEXT,
    b01: DataTypes.BOOLEAN,
    b02: DataTypes.TINYINT,
    b03: DataTypes.SMALLINT,
    b04: DataTypes.MEDIUMINT,
    b05: DataTypes.INTEGER,
    b06: DataTypes.BIGINT,
    b07: DataTypes.FLOAT,
    b08: DataTypes.REAL,
    b09: DataTypes.DOUBLE,
    b10: DataTypes.DECIMAL,
    b11: DataTypes.DECIMAL(10, 2),
    c01: DataTypes.DATE,
    c02: DataTypes.DATE(3),
    c03: DataTypes.DATEONLY,
    c04: DataTypes.TIME,
    d01: DataTypes.UUID,
    d02: DataTypes.JSON,
    d03: DataTypes.BLOB,
    d04: DataTypes.ENUM('a', "b's"),
    h01: { type: 'anything (3)' },
    h02: { type: DataTypes.DATE, defaultValue: sequelize.literal('CURRENT_TIMESTAMP') },
  });
  sequelize.define(
    'Partial',
    { kind: DataTypes.STRING },
    { timestamps: false, indexes: [{ fields: ['kind'], where: { kind: 'p' } }] },
  );
  defineRelations(sequelize, DataTypes);
};
