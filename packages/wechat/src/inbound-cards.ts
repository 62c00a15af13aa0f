import type { FieldReader } from './field-reader.ts';
import type { ContentReader } from './inbound-content.ts';

/** Card coupons of the old kind, by Event in lower case (reference 3.4). */
export const cardEvents: Readonly<Record<string, ContentReader>> = {
  card_pass_check: (push) => ({ case: 'cardPassCheck', value: check(push) }),
  card_not_pass_check: (push) => ({ case: 'cardNotPassCheck', value: check(push) }),
  user_get_card: (push) => ({ case: 'userGetCard', value: getCard(push) }),
  user_gifting_card: (push) => ({
    case: 'userGiftingCard',
    value: {
      ...ids(push),
      isReturnBack: push.bool('IsReturnBack'),
      friendUserName: push.text('FriendUserName'),
      isChatRoom: push.bool('IsChatRoom'),
    },
  }),
  user_del_card: (push) => ({ case: 'userDelCard', value: card(push) }),
  user_consume_card: (push) => ({ case: 'userConsumeCard', value: consumeCard(push) }),
  user_pay_from_pay_cell: (push) => ({
    case: 'userPayFromPayCell',
    value: {
      ...ids(push),
      transId: push.text('TransId'),
      locationId: push.text('LocationId'),
      feeFen: push.bigint('Fee'),
      originalFeeFen: push.bigint('OriginalFee'),
    },
  }),
  user_view_card: (push) => ({ case: 'userViewCard', value: card(push) }),
  user_enter_session_from_card: (push) => ({ case: 'userEnterSessionFromCard', value: card(push) }),
  update_member_card: (push) => ({
    case: 'updateMemberCard',
    value: { ...ids(push), modifyBonus: push.bigint('ModifyBonus'), modifyBalance: push.bigint('ModifyBalance') },
  }),
  card_sku_remind: (push) => ({
    case: 'cardSkuRemind',
    value: { cardId: push.text('CardId'), detail: push.text('Detail') },
  }),
  card_pay_order: (push) => ({ case: 'cardPayOrder', value: payOrder(push) }),
  submit_membercard_user_info: (push) => ({ case: 'submitMembercardUserInfo', value: card(push) }),
};

const ids = (push: FieldReader) => ({ cardId: push.text('CardId'), userCardCode: push.text('UserCardCode') });
const card = (push: FieldReader) => ({ ...ids(push), outerStr: push.text('OuterStr') });
const check = (push: FieldReader) => ({ cardId: push.text('CardId'), refuseReason: push.text('RefuseReason') });

const getCard = (push: FieldReader) => ({
  ...card(push),
  isGiveByFriend: push.bool('IsGiveByFriend'),
  friendUserName: push.text('FriendUserName'),
  oldUserCardCode: push.text('OldUserCardCode'),
  outerId: push.text('OuterId'),
  isRestoreMemberCard: push.bool('IsRestoreMemberCard'),
  isRecommendByFriend: push.bool('IsRecommendByFriend'),
  unionId: push.text('UnionId'),
});

const consumeCard = (push: FieldReader) => ({
  ...card(push),
  consumeSource: push.text('ConsumeSource'),
  locationName: push.text('LocationName'),
  staffOpenId: push.text('StaffOpenId'),
  verifyCode: push.text('VerifyCode'),
  remarkAmount: push.text('RemarkAmount'),
});

const payOrder = (push: FieldReader) => ({
  orderId: push.text('OrderId'),
  status: push.text('Status'),
  createOrderTime: push.time('CreateOrderTime'),
  payFinishTime: push.time('PayFinishTime'),
  desc: push.text('Desc'),
  freeCoinCount: push.bigint('FreeCoinCount'),
  payCoinCount: push.bigint('PayCoinCount'),
  refundFreeCoinCount: push.bigint('RefundFreeCoinCount'),
  refundPayCoinCount: push.bigint('RefundPayCoinCount'),
  orderType: push.text('OrderType'),
  memo: push.text('Memo'),
  receiptInfo: push.text('ReceiptInfo'),
  cardId: push.text('CardId'),
});
