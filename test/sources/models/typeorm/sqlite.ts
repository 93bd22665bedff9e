// @ts-nocheck: decorators of this kind are none of the compiler's, with the settings of this repository.
// Every column type, default, key and index that TypeORM knows of SQLite.
import {
  Check,
  Column,
  CreateDateColumn,
  DataSource,
  Entity,
  EntitySchema,
  Generated,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Tree,
  TreeChildren,
  TreeParent,
  Unique,
  UpdateDateColumn,
  VersionColumn,
  ViewColumn,
  ViewEntity,
} from 'typeorm';

@Entity()
class Types {
  @PrimaryGeneratedColumn() id: number;
  @Column('int') a01: number;
  @Column('integer') a02: number;
  @Column('tinyint') a03: number;
  @Column('smallint') a04: number;
  @Column('mediumint') a05: number;
  @Column('bigint') a06: string;
  @Column('unsigned big int') a07: string;
  @Column('int2') a08: number;
  @Column('int8') a09: string;
  @Column('int', { unsigned: true }) a10: number;
  @Column('character', { length: 20 }) b01: string;
  @Column('varchar') b02: string;
  @Column('varchar', { length: 255 }) b03: string;
  @Column('varying character', { length: 255 }) b04: string;
  @Column('nchar', { length: 55 }) b05: string;
  @Column('native character', { length: 70 }) b06: string;
  @Column('nvarchar', { length: 100 }) b07: string;
  @Column('text') b08: string;
  @Column('clob') b09: string;
  @Column('text', { collation: 'NOCASE' }) b10: string;
  @Column('blob') b11: Buffer;
  @Column('real') c01: number;
  @Column('double') c02: number;
  @Column('double precision') c03: number;
  @Column('float') c04: number;
  @Column('numeric') c05: number;
  @Column('decimal', { precision: 10, scale: 5 }) c06: number;
  @Column('boolean') d01: boolean;
  @Column('date') d02: string;
  @Column('time') d03: string;
  @Column('datetime') d04: Date;
  @Column('json') d05: object;
  @Column('jsonb') d06: object;
  @Column('simple-array') d07: string[];
  @Column('simple-json') d08: object;
  @Column('simple-enum', { enum: ['x', 'y'], default: 'x' }) d09: string;
}

@Entity('defaults')
@Unique('uq_pair', ['number', 'text'])
@Unique(['negative'])
@Check('ck_positive', '"number" > 0')
@Check('"number" < 100')
@Index(['number', 'text'], { unique: true })
@Index('ix_some', ['text'], { where: '"number" > 10' })
class Defaults {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ default: 7 }) number: number;
  @Column({ default: -1.5, type: 'real' }) negative: number;
  @Column({ default: '\\ "here"' }) text: string;
  @Column({ default: '' }) empty: string;
  @Column({ default: true }) truth: boolean;
  @Column({ type: 'datetime', default: () => "datetime('now')" }) now: Date;
  @Column({ type: 'datetime', default: () => 'CURRENT_TIMESTAMP' }) moment: Date;
  @Column({ type: 'int', default: () => '(1 + 2) * 3' }) computed: number;
  @Column({ type: 'varchar', nullable: true, default: null }) nothing: string | null;
  @Column({ name: 'na.me d', nullable: true }) named: string;
  @Column({ unique: true }) code: string;
  @Column() @Generated('uuid') uuid: string;
  @Column('int', { generatedType: 'STORED', asExpression: '"number" * 2' }) twice: number;
  @Column('int', { generatedType: 'VIRTUAL', asExpression: '"number" * 3' }) thrice: number;
  @CreateDateColumn() created: Date;
  @UpdateDateColumn() updated: Date;
  @VersionColumn() version: number;
}

@Entity({ name: 'keyed', withoutRowid: true })
class Keyed {
  @PrimaryColumn({ primaryKeyConstraintName: 'pk_of_ours' }) one: number;
  @PrimaryColumn({ primaryKeyConstraintName: 'pk_of_ours' }) two: string;
  @ManyToOne(() => Types, {
    onDelete: 'SET NULL',
    onUpdate: 'CASCADE',
    nullable: true,
    deferrable: 'INITIALLY DEFERRED',
  })
  @JoinColumn({ name: 'types_id', foreignKeyConstraintName: 'fk_of_ours' })
  types: Types;
  @OneToOne(() => Defaults, { onDelete: 'RESTRICT' }) @JoinColumn() defaults: Defaults;
  @ManyToMany(() => Types) @JoinTable() many: Types[];
}

@Entity()
@Tree('closure-table')
class Node {
  @PrimaryGeneratedColumn() id: number;
  @TreeChildren() children: Node[];
  @TreeParent() parent: Node;
}

const Written = new EntitySchema({
  name: 'Written',
  columns: {
    id: { type: Number, primary: true, generated: true },
    text: { type: String },
    on: { type: Boolean },
    at: { type: Date, createDate: true },
  },
});

@ViewEntity({ expression: 'SELECT id, text FROM defaults' })
class Texts {
  @ViewColumn() id: string;
  @ViewColumn() text: string;
}

/** The package of a driver, which nobody may open a database with. */
class Forbidden {
  constructor() {
    throw new Error("the user's own database was opened");
  }
}

export default new DataSource({
  type: 'better-sqlite3',
  driver: Forbidden,
  database: '/nowhere/at/all.db',
  synchronize: true,
  entities: [Types, Defaults, Keyed, Node, Written, Texts],
});
