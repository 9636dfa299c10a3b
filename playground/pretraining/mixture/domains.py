"""Which intents belong together."""

from playground.pretraining.mixture.names import word_list

# The ten domains of clinc150 (Larson et al. 2019, arXiv:1909.02027, table 1).
CLINC = {
    "banking": word_list(
        "transfer transactions balance freeze_account pay_bill bill_balance bill_due interest_rate"
        " routing min_payment order_checks pin_change report_fraud account_blocked spending_history"
    ),
    "credit cards": word_list(
        "credit_score report_lost_card credit_limit rewards_balance new_card application_status"
        " card_declined international_fees apr redeem_rewards credit_limit_change damaged_card"
        " replacement_card_duration improve_credit_score expiration_date"
    ),
    "cooking and dining": word_list(
        "recipe restaurant_reviews calories nutrition_info restaurant_suggestion ingredients_list"
        " ingredient_substitution cook_time food_last meal_suggestion restaurant_reservation"
        " confirm_reservation how_busy cancel_reservation accept_reservations"
    ),
    "home": word_list(
        "shopping_list shopping_list_update next_song play_music update_playlist todo_list"
        " todo_list_update calendar calendar_update what_song order order_status reminder"
        " reminder_update smart_home"
    ),
    "cars and driving": word_list(
        "traffic directions gas gas_type distance current_location mpg oil_change_when"
        " oil_change_how"
        " jump_start uber schedule_maintenance last_maintenance tire_pressure tire_change"
    ),
    "travel": word_list(
        "book_flight book_hotel car_rental travel_suggestion travel_alert travel_notification"
        " carry_on timezone vaccines translate flight_status international_visa lost_luggage"
        " plug_type exchange_rate"
    ),
    "everyday tools": word_list(
        "time alarm share_location find_phone weather text spelling make_call timer date calculator"
        " measurement_conversion flip_coin roll_dice definition"
    ),
    "work": word_list(
        "direct_deposit pto_request taxes payday w2 pto_balance pto_request_status next_holiday"
        " insurance insurance_change schedule_meeting pto_used meeting_schedule rollover_401k"
        " income"
    ),
    "small talk": word_list(
        "greeting goodbye tell_joke where_are_you_from how_old_are_you what_is_your_name"
        " who_made_you"
        " thank_you what_can_i_ask_you what_are_your_hobbies do_you_have_pets are_you_a_bot"
        " meaning_of_life who_do_you_work_for fun_fact"
    ),
    "settings": word_list(
        "change_ai_name change_user_name cancel user_name reset_settings whisper_mode repeat no yes"
        " maybe change_language change_accent change_volume change_speed sync_device"
    ),
}
BANKING = {
    "cards": word_list(
        "card_linking card_delivery_estimate card_not_working card_about_to_expire card_swallowed"
        " compromised_card activate_my_card contactless_not_working get_physical_card"
        " card_acceptance"
        " order_physical_card getting_virtual_card virtual_card_not_working visa_or_mastercard"
        " get_disposable_virtual_card disposable_card_limits supported_cards_and_currencies"
    ),
    "card payments": word_list(
        "card_payment_fee_charged card_payment_not_recognised card_payment_wrong_exchange_rate"
        " pending_card_payment reverted_card_payment? transaction_charged_twice"
        " extra_charge_on_statement Refund_not_showing_up direct_debit_payment_not_recognised"
    ),
    "cash": word_list(
        "pending_cash_withdrawal declined_cash_withdrawal cash_withdrawal_charge atm_support"
        " cash_withdrawal_not_recognised wrong_amount_of_cash_received"
        " wrong_exchange_rate_for_cash_withdrawal"
    ),
    "transfers": word_list(
        "transfer_not_received_by_recipient pending_transfer declined_transfer failed_transfer"
        " transfer_fee_charged transfer_timing transfer_into_account beneficiary_not_allowed"
        " balance_not_updated_after_bank_transfer receiving_money"
    ),
    "top-up": word_list(
        "automatic_top_up pending_top_up top_up_failed top_up_reverted verify_top_up"
        " topping_up_by_card"
        " top_up_by_bank_transfer_charge top_up_by_cash_or_cheque top_up_by_card_charge"
    ),
    "identity": word_list(
        "why_verify_identity unable_to_verify_identity verify_my_identity verify_source_of_funds"
        " passcode_forgotten change_pin"
    ),
    "currencies": word_list(
        "fiat_currency_support exchange_via_app exchange_charge country_support"
    ),
}
ASPECTS = {
    "not working": frozenset({"failed", "declined", "working", "swallowed", "blocked", "unable"}),
    "waiting": frozenset({"pending", "timing", "estimate", "updated"}),
    "fee": frozenset({"charge", "charged", "fee"}),
    "not recognised": frozenset({"recognised", "compromised"}),
    "wrong amount": frozenset({"wrong", "twice", "reverted"}),
    "how to": frozenset({"activate", "get", "getting", "order", "change", "verify"}),
}
