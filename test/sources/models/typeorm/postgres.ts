// @ts-nocheck: decorators of this kind are none of the compiler's, with the settings of this repository.
// Every column type, default, key and index that TypeORM knows of PostgreSQL, but for those that need an extension.
import {
  Check,
  ChildEntity,
  Column,
  CreateDateColumn,
  DataSource,
  DeleteDateColumn,
  Entity,
  EntitySchema,
  Exclusion,
  Generated,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  TableInheritance,
  Tree,
  TreeChildren,
  TreeLevelColumn,
  TreeParent,
  Unique,
  UpdateDateColumn,
  VersionColumn,
  ViewColumn,
  ViewEntity,
} from 'typeorm';

enum Mood {
  Sad = 'sad',
  Happy = "it's happy",
}

@Entity({ comment: "every type, 'quoted'" })
class Types {
  @PrimaryGeneratedColumn() id: number;
  @Column('int') a01: number;
  @Column('int2') a02: number;
  @Column('int4') a03: number;
  @Column('int8') a04: string;
  @Column('smallint') a05: number;
  @Column('integer') a06: number;
  @Column('bigint') a07: string;
  @Column('decimal') a08: string;
  @Column('numeric', { precision: 12, scale: 3 }) a09: string;
  @Column('decimal', { precision: 5 }) a10: string;
  @Column('real') a11: number;
  @Column('float') a12: number;
  @Column('float4') a13: number;
  @Column('float8') a14: number;
  @Column('double precision') a15: number;
  @Column('money') a16: string;
  @Column('character varying') b01: string;
  @Column('varchar', { length: 80 }) b02: string;
  @Column('character') b03: string;
  @Column('char', { length: 4 }) b04: string;
  @Column('text') b05: string;
  @Column('text', { collation: 'C' }) b06: string;
  @Column('bytea') b07: Buffer;
  @Column('bit') c01: string;
  @Column('bit', { length: 7 }) c02: string;
  @Column('varbit') c03: string;
  @Column('bit varying', { length: 9 }) c04: string;
  @Column('timetz') d01: string;
  @Column('timestamptz') d02: Date;
  @Column('timestamp') d03: Date;
  @Column('timestamp without time zone', { precision: 3 }) d04: Date;
  @Column('timestamp with time zone', { precision: 0 }) d05: Date;
  @Column('date') d06: string;
  @Column('time') d07: string;
  @Column('time without time zone', { precision: 2 }) d08: string;
  @Column('time with time zone', { precision: 1 }) d09: string;
  @Column('interval') d10: string;
  @Column('interval', { precision: 4 }) d11: string;
  @Column('bool') e01: boolean;
  @Column('boolean') e02: boolean;
  @Column('enum', { enum: Mood }) e03: Mood;
  @Column('enum', { enum: ['b', 'a'], enumName: 'letter', default: 'a' }) e04: string;
  @Column('enum', { enum: Mood, array: true, nullable: true }) e05: Mood[];
  @Column('point') f01: string;
  @Column('line') f02: string;
  @Column('lseg') f03: string;
  @Column('box') f04: string;
  @Column('path') f05: string;
  @Column('polygon') f06: string;
  @Column('circle') f07: string;
  @Column('cidr') g01: string;
  @Column('inet') g02: string;
  @Column('macaddr') g03: string;
  @Column('macaddr8') g04: string;
  @Column('tsvector') g05: string;
  @Column('tsquery') g06: string;
  @Column('uuid') g07: string;
  @Column('xml') g08: string;
  @Column('json') g09: object;
  @Column('jsonb') g10: object;
  @Column('jsonpath') g11: string;
  @Column('simple-array') g12: string[];
  @Column('simple-json') g13: object;
  @Column('simple-enum', { enum: ['x', 'y'] }) g14: string;
  @Column('int4range') h01: string;
  @Column('int8range') h02: string;
  @Column('numrange') h03: string;
  @Column('tsrange') h04: string;
  @Column('tstzrange') h05: string;
  @Column('daterange') h06: string;
  @Column('int4multirange') h07: string;
  @Column('int8multirange') h08: string;
  @Column('nummultirange') h09: string;
  @Column('tsmultirange') h10: string;
  @Column('tstzmultirange') h11: string;
  @Column('datemultirange') h12: string;
  @Column('int', { array: true }) i01: number[];
  @Column('varchar', { array: true, length: 20, default: '{}' }) i02: string[];
  @Column('numeric', { array: true, precision: 6, scale: 2, nullable: true }) i03: string[];
}

@Entity('defaults')
class Defaults {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' }) id: number;
  @Column({ default: 7 }) number: number;
  @Column({ default: -1.5, type: 'numeric' }) negative: string;
  @Column({ default: '9007199254740993', type: 'bigint' }) big: string;
  @Column({ default: '\\ "here"' }) text: string;
  @Column({ default: '' }) empty: string;
  @Column({ default: true }) truth: boolean;
  @Column({ type: 'jsonb', default: { a: ["b'c"] } }) json: object;
  @Column({ type: 'jsonb', default: () => `'[]'` }) list: object;
  @Column({ type: 'timestamptz', default: () => 'now()' }) now: Date;
  @Column({ type: 'timestamp', precision: 3, default: () => 'CURRENT_TIMESTAMP(3)' }) moment: Date;
  @Column({ type: 'date', default: () => 'CURRENT_DATE' }) today: string;
  @Column({ type: 'int', default: () => '(1 + 2) * 3' }) computed: number;
  @Column({ type: 'uuid', default: () => 'gen_random_uuid()' }) uuid: string;
  @Column({ type: 'varchar', nullable: true, default: null }) nothing: string | null;
  @Column({ nullable: true, comment: `a "comment" of 'ours'\non two lines` }) commented: string;
  @Column({ name: 'na.me d', nullable: true }) named: string;
  @Column() @Generated('increment') counter: number;
  @Column('int', { generatedType: 'STORED', asExpression: '"number" * 2' }) twice: number;
  @CreateDateColumn() created: Date;
  @UpdateDateColumn({ type: 'timestamptz', precision: 0 }) updated: Date;
  @DeleteDateColumn() deleted: Date | null;
  @VersionColumn() version: number;
}

@Entity({ name: 'keyed', schema: 'back office' })
@Unique('uq_pair', ['left', 'right'])
@Unique(['right'], { deferrable: 'INITIALLY DEFERRED' })
@Check('ck_positive', '"left" > 0')
@Check('"left" < "right"')
@Index(['right', 'left'], { unique: true })
@Index('ix_some', ['left'], { where: '"right" > 10' })
@Index('ix_range', { synchronize: false })
@Exclusion('ex_span', 'USING gist ("span" WITH &&)')
class Keyed {
  @PrimaryColumn({ primaryKeyConstraintName: 'pk_of_ours' }) one: number;
  @PrimaryColumn({ primaryKeyConstraintName: 'pk_of_ours' }) two: string;
  @Column() left: number;
  @Column() right: number;
  @Column({ unique: true }) code: string;
  @Index({ type: 'hash' }) @Column() hashed: string;
  @Index({ type: 'gin' }) @Column('int', { array: true }) tags: number[];
  @Index({ spatial: true }) @Column('point') place: string;
  @Index({ type: 'brin' }) @Column() brin: number;
  @Column('int4range') span: string;
  @ManyToOne(() => Person, {
    onDelete: 'SET NULL',
    onUpdate: 'CASCADE',
    nullable: true,
    deferrable: 'INITIALLY IMMEDIATE',
  })
  @JoinColumn({ name: 'person_id', foreignKeyConstraintName: 'fk_of_ours' })
  person: unknown;
}

@Entity()
@TableInheritance({ column: { type: 'varchar', name: 'kind' } })
class Person {
  @PrimaryGeneratedColumn({ type: 'bigint' }) id: string;
  @Column({ length: 40 }) name: string;
  @ManyToMany(
    () => Group,
    (group) => group.people,
    { onDelete: 'CASCADE' },
  )
  @JoinTable()
  groups: Group[];
  @OneToOne(() => Defaults, { onDelete: 'RESTRICT' }) @JoinColumn() defaults: Defaults;
  @ManyToOne(() => Types, { createForeignKeyConstraints: false }) types: Types;
}

@ChildEntity()
class Employee extends Person {
  @Column({ nullable: true }) salary: number;
}

@Entity('group')
class Group {
  @PrimaryColumn('uuid') id: string;
  @ManyToMany(
    () => Person,
    (person) => person.groups,
  )
  people: Person[];
  @OneToMany(
    () => Node,
    (node) => node.group,
  )
  nodes: Node[];
}

@Entity()
@Tree('closure-table', { closureTableName: 'ways' })
class Node {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(
    () => Group,
    (group) => group.nodes,
  )
  group: Group;
  @TreeChildren() children: Node[];
  @TreeParent() parent: Node;
  @TreeLevelColumn() level: number;
}

@Entity()
@Tree('materialized-path')
class Path {
  @PrimaryGeneratedColumn() id: number;
  @TreeChildren() children: Path[];
  @TreeParent() parent: Path;
}

@Entity()
@Tree('nested-set')
class Nested {
  @PrimaryGeneratedColumn() id: number;
  @TreeChildren() children: Nested[];
  @TreeParent() parent: Nested;
}

const Written = new EntitySchema({
  name: 'Written',
  tableName: 'written',
  columns: {
    id: { type: Number, primary: true, generated: true },
    text: { type: String, default: 'none' },
    on: { type: Boolean },
    at: { type: Date, createDate: true },
  },
  indices: [{ name: 'ix_written', columns: ['text'] }],
  checks: [{ name: 'ck_written', expression: `"text" <> ''` }],
  relations: { after: { type: 'many-to-one', target: 'Written' } },
});

@Entity({ synchronize: false })
class Elsewhere {
  @PrimaryColumn() id: number;
}

@ViewEntity({ name: 'person_view', expression: 'SELECT id, name FROM person WHERE id > 10' })
class PersonView {
  @ViewColumn() id: string;
  @ViewColumn() name: string;
}

@ViewEntity({
  materialized: true,
  expression: (source) => source.createQueryBuilder().select('p.name', 'name').from(PersonView, 'p'),
  dependsOn: [PersonView],
})
class PersonNames {
  @Index() @ViewColumn() name: string;
}

export default new DataSource({
  type: 'postgres',
  url: 'postgres://nobody:secret@127.0.0.1:1/nowhere',
  synchronize: true,
  dropSchema: true,
  migrationsRun: true,
  cache: true,
  entities: [
    Types,
    Defaults,
    Keyed,
    Person,
    Employee,
    Group,
    Node,
    Path,
    Nested,
    Written,
    Elsewhere,
    PersonView,
    PersonNames,
  ],
});
